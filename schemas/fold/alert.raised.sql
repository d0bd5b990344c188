INSERT INTO v_alert (stream, ref, no, rule, version, level, text_zh, text_en, queue, sla_s, instruction_zh, instruction_en, link, value, at_s, seat, late)
VALUES (:stream, :ref, :no, :rule, :version, :level, :text_zh, :text_en, :queue, :sla_s, :instruction_zh, :instruction_en, :link, :value, :at_s, :seat, :late);
INSERT INTO v_alert_step VALUES (:stream, :ref, :ref, 'raised', :at_s, :seat, :value, :lamport, NULL);
