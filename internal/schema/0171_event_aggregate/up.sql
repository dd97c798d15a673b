DROP INDEX kit_event_aggregate;
