-- The patient who carries an identifier of another system.
SELECT DISTINCT stream FROM v_identifier WHERE value = :value AND system = :system LIMIT 2;
