INSERT INTO v_review VALUES (:stream, :ref, :contact, :seat, :at_s, :card, :version, :total, :best, :passed, :note);
-- each items
INSERT INTO v_review_item VALUES (:stream, :ref, :n, :i_item, :i_points);
