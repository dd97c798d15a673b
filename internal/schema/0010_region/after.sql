SELECT region.id FROM region LEFT JOIN region_area_member ON region_area_member.area_id = region.id
  WHERE region.level = 'area' AND region_area_member.area_id IS NULL;
SELECT region_area_member.area_id FROM region_area_member JOIN region ON region.id = region_area_member.area_id
  WHERE region.level <> 'area';
SELECT region_shape.region_id FROM region_shape JOIN region ON region.id = region_shape.region_id
  WHERE region.max_latitude_e7 = 0;
