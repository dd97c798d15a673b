// Package shape holds outlines on the earth: points in whole 1e-7 degrees, rings, polygons with holes, and groups of
// polygons. It reads them from TopoJSON and GeoJSON, keeps them compactly, asks whether a point is inside, and draws
// them as SVG paths whose shared borders stay shared. It knows nothing of what the outlines stand for.
package shape
