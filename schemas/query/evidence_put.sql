-- Nothing once there is much: a hostile peer must not fill the disk.
INSERT INTO evidence (at_s, code, detail, message) SELECT :at_s, :code, :detail, :message
WHERE (SELECT count(*) FROM evidence) < :most;
