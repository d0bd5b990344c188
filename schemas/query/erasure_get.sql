SELECT requester, approver, legal_hold FROM v_erasure WHERE stream = :roster AND request = :request LIMIT 1;
