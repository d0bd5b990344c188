-- Content is only added: another count is other content.
SELECT count(*) FROM v_content;
