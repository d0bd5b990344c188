-- Every pathway the patient is or was on.
SELECT pathway, left_reason FROM v_enrol WHERE stream = :stream ORDER BY pathway;
