// Package merger is the proposal to bring the people of one wish over to a like one.
//
//	asked ──► agreed      by the lead of the other wish: members are asked one by one
//	  ├─────► refused     by the same
//	  ├─────► taken_back  by who asked, before that
//	  └─────► lapsed      nobody answered in time, or one of the wishes moved on
//
// It owns the tables merger and merger_answer. It moves no wish and nobody's place; flow/merge does.
package merger
