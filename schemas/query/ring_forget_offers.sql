DELETE FROM stream_key WHERE epoch = 0;
