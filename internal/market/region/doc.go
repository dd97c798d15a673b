// Package region holds places as data: the country, provinces (시·도), districts (시·군·구), neighbourhoods (읍·면·동) and
// areas that an operator draws as groups of the others (강남, 분당).
//
// It owns the tables region, region_shape and region_area_member, the shipped list of provinces and districts, the
// tile map shown while no outlines are loaded, and the rules by which names and outlines from files become regions.
// Codes are those of Statistics Korea (SGIS), whose outlines an operator loads; they are not the codes of resident
// registration (행정동코드), so registers are matched by name and by place.
//
// It will not open files or transactions (flow/load does), and knows nothing of deals or shops.
package region
