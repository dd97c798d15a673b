// Package takedown is how the operator takes a wish down, on legal ground and with a reason that everybody reads.
//
// What it said is withheld from that moment (market/wish). A wish that is not served yet closes by it: its auction is
// void, its sellers are free, and whoever has paid is paid back as at any other end. One that is being served, or is
// over, keeps its course: only nobody reads it any more. Members and sellers are told (flow/announce).
package takedown
