// Package counter is the page at which vouchers are taken: by camera, hardware scanner or typed number, on a phone with
// wet hands or without any script.
//
// A look shows what a voucher is and changes nothing; one big button uses it. The device makes the nonce, so a lost
// answer is asked for again and never counted twice: until there is an answer the page is amber, never red. It will not
// decide whether a voucher may be used, nor who sees money: flows and rights do.
package counter
