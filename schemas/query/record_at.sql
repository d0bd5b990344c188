SELECT seat, seq FROM record WHERE pos = :pos;
