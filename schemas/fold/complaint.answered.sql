UPDATE v_complaint SET answer = :text, answered_s = :at_s WHERE stream = :stream AND ref = :complaint;
