// Package lore holds what was thought up of the demonstration town: its shops with their stories, their deals with the
// state in which each shall stand in the present, the people's names and what they say, and the dice by which a seed
// decides the rest.
//
// Nothing in it is a real shop, person or telephone number; districts are Seoul's own. It will not act.
package lore
