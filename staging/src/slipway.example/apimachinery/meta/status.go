package meta

import (
	"errors"
	"fmt"
	"net/http"

	"k8s.io/apimachinery/pkg/runtime"
)

// Why a request failed.
const (
	ReasonBadRequest    = "BadRequest"
	ReasonInvalid       = "Invalid"
	ReasonNotFound      = "NotFound"
	ReasonAlreadyExists = "AlreadyExists"
	ReasonConflict      = "Conflict"
	ReasonExpired       = "Expired"
	ReasonInternal      = "InternalError"
)

var codes = map[string]int{
	ReasonBadRequest:    http.StatusBadRequest,
	ReasonInvalid:       http.StatusUnprocessableEntity,
	ReasonNotFound:      http.StatusNotFound,
	ReasonAlreadyExists: http.StatusConflict,
	ReasonConflict:      http.StatusConflict,
	ReasonExpired:       http.StatusGone,
	ReasonInternal:      http.StatusInternalServerError,
}

// Status is the answer to a request that failed; it is the error, too.
type Status struct {
	runtime.TypeMeta `json:",inline"`
	Status           string `json:"status"`
	Reason           string `json:"reason"`
	Message          string `json:"message"`
	Code             int    `json:"code"`
}

// NewStatus makes the answer for one of the reasons above.
func NewStatus(reason, format string, arguments ...any) *Status {
	return &Status{
		TypeMeta: runtime.TypeMeta{Kind: "Status", APIVersion: "v1"},
		Status:   "Failure", Reason: reason, Code: codes[reason],
		Message: fmt.Sprintf(format, arguments...),
	}
}

func (s *Status) Error() string { return s.Message }

// ReasonOf is empty for an error that is no Status.
func ReasonOf(err error) string {
	var status *Status
	if errors.As(err, &status) {
		return status.Reason
	}
	return ""
}
