SELECT deal_id FROM daybook_deal WHERE orders < 0 OR units < 0 OR won < 0 OR uses < 0 OR net < 0 OR usable < 0
 OR back_units < 0 OR back_won < 0;
SELECT merchant_id FROM daybook_hour WHERE uses < 0 OR people < 0 OR units < 0;
