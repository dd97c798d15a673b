package refusal

import "net/http"

// Refusal is an error answer: HTTP status, code for programs, message for the payer's screen.
type Refusal struct {
	Status  int    `json:"-"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Temporary reports whether the same request may be answered otherwise later, so that it must not be kept.
func (r *Refusal) Temporary() bool {
	return r.Status >= http.StatusInternalServerError || r.Code == ProviderError().Code || r.Code == Busy().Code ||
		r.Code == NotEnoughBalance().Code
}

func refuse(status int, code, message string) *Refusal {
	return &Refusal{Status: status, Code: code, Message: message}
}

// Unauthorized answers a call without a secret key.
func Unauthorized() *Refusal {
	return refuse(http.StatusUnauthorized, "UNAUTHORIZED_KEY", "시크릿 키가 없습니다.")
}

// InvalidKey answers a call with a wrong secret key.
func InvalidKey() *Refusal {
	return refuse(http.StatusBadRequest, "INVALID_API_KEY", "시크릿 키가 올바르지 않습니다.")
}

// InvalidRequest answers a request that cannot be understood or contradicts what is known.
func InvalidRequest(message string) *Refusal {
	return refuse(http.StatusBadRequest, "INVALID_REQUEST", message)
}

// InvalidIdempotencyKey answers a key longer than 300 characters.
func InvalidIdempotencyKey() *Refusal {
	return refuse(http.StatusBadRequest, "INVALID_IDEMPOTENCY_KEY", "멱등키는 300자를 넘을 수 없습니다.")
}

// Busy answers a second request with a key whose first is still being worked on.
func Busy() *Refusal {
	return refuse(http.StatusConflict, "IDEMPOTENT_REQUEST_PROCESSING", "같은 멱등키의 이전 요청을 처리하고 있습니다.")
}

// NotFoundPayment answers a payment key or order id that was never prepared.
func NotFoundPayment() *Refusal {
	return refuse(http.StatusNotFound, "NOT_FOUND_PAYMENT", "존재하지 않는 결제입니다.")
}

// NotFoundSession answers a payment that expired, or that its payer has not authorised.
func NotFoundSession() *Refusal {
	return refuse(http.StatusNotFound, "NOT_FOUND_PAYMENT_SESSION", "결제 시간이 지나 진행 정보를 찾을 수 없습니다.")
}

// NotFound answers an unknown address or bank reference.
func NotFound() *Refusal {
	return refuse(http.StatusNotFound, "NOT_FOUND", "존재하지 않는 정보입니다.")
}

// AlreadyProcessed answers a confirm of a payment that has been decided.
func AlreadyProcessed() *Refusal {
	return refuse(http.StatusBadRequest, "ALREADY_PROCESSED_PAYMENT", "이미 처리된 결제입니다.")
}

// DuplicatedOrder answers a payment for an order that another payment has paid.
func DuplicatedOrder() *Refusal {
	return refuse(http.StatusBadRequest, "DUPLICATED_ORDER_ID", "이미 승인된 주문번호입니다.")
}

// BelowMinimum answers an amount under the card floor of 100 won.
func BelowMinimum() *Refusal {
	return refuse(http.StatusBadRequest, "BELOW_MINIMUM_AMOUNT", "100원 이상부터 결제할 수 있습니다.")
}

// RejectedCard answers a confirm that the card company declined.
func RejectedCard() *Refusal {
	return refuse(http.StatusForbidden, "REJECT_CARD_COMPANY", "카드사에서 결제 승인을 거절했습니다.")
}

// NotCancelableAmount answers a cancel of more than is left.
func NotCancelableAmount() *Refusal {
	return refuse(http.StatusForbidden, "NOT_CANCELABLE_AMOUNT", "취소할 수 없는 금액입니다.")
}

// NotCancelablePayment answers a cancel of a payment that was not captured.
func NotCancelablePayment() *Refusal {
	return refuse(http.StatusForbidden, "NOT_CANCELABLE_PAYMENT", "취소할 수 없는 결제입니다.")
}

// AlreadyCanceled answers a cancel of a payment of which nothing is left.
func AlreadyCanceled() *Refusal {
	return refuse(http.StatusBadRequest, "ALREADY_CANCELED_PAYMENT", "이미 취소된 결제입니다.")
}

// ProviderError answers that the card network is down for the moment.
func ProviderError() *Refusal {
	return refuse(http.StatusBadRequest, "PROVIDER_ERROR", "일시적인 오류가 발생했습니다. 잠시 뒤에 다시 시도해 주세요.")
}

// FailedProcessing answers a server error of the gateway.
func FailedProcessing() *Refusal {
	return refuse(http.StatusInternalServerError, "FAILED_DB_PROCESSING", "처리 중 오류가 발생했습니다.")
}

// NotEnoughBalance answers a transfer of more than the account holds.
func NotEnoughBalance() *Refusal {
	return refuse(http.StatusBadRequest, "NOT_ENOUGH_BALANCE", "출금 계좌의 잔액이 부족합니다.")
}

// InvalidAccount answers a transfer that the bank will never accept.
func InvalidAccount() *Refusal {
	return refuse(http.StatusBadRequest, "INVALID_ACCOUNT", "입금할 수 없는 계좌입니다.")
}
