// Package aggregate turns many errors into one without losing any of them.
package aggregate

import (
	"slices"
	"strings"
)

// errorList is never empty and holds no nil.
type errorList []error

// New returns nil if errs has no error in it, so that the result of a
// validation can be returned as it is.
func New(errs []error) error {
	kept := errorList(slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return err == nil }))
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// Error names each distinct message once, in the order given; more than one
// message is put in brackets.
func (l errorList) Error() string {
	var messages []string
	for _, err := range l {
		if message := err.Error(); !slices.Contains(messages, message) {
			messages = append(messages, message)
		}
	}
	if len(messages) == 1 {
		return messages[0]
	}
	return "[" + strings.Join(messages, ", ") + "]"
}

// Unwrap lets errors.Is and errors.As look at every member.
func (l errorList) Unwrap() []error { return l }
