// Package crowdtest lets crowds loose on one deal: more buyers than units, bots that hoard, waiting rooms with their
// draw and their line, and waiting lists beside a storm of cancellations. It holds no code of the product.
//
// DURE_LONG=1 takes the numbers of a nation: 100,000 buyers for 1,000 units.
package crowdtest
