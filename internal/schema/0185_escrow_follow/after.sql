SELECT id FROM escrow_shipment WHERE asks <> 0
