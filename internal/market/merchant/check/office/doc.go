// Package office asks the register of businesses over HTTP, in the shape in which the tax office's open interface
// answers (사업자등록정보 상태조회): POST {URL}/api/nts-businessman/v1/status?serviceKey={key} with {"b_no": ["1234567890"]}, and
// in the answer's data a row with b_stt_cd 01 (runs), 02 (rests), 03 (has closed) or nothing for a number that it does
// not know. The sandbox speaks the same.
package office
