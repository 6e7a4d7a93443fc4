// Package field says which value of a request or a command line is wrong, what
// it was and why, in the words Kubernetes uses.
package field

import (
	"fmt"
	"strconv"
	"strings"
)

// Path names one value: spec.containers[0].name, or --port.
type Path struct {
	parent *Path
	// element carries its own separator, so that String only joins.
	element string
}

// NewPath starts a path; more are children of name.
func NewPath(name string, more ...string) *Path {
	path := &Path{element: name}
	for _, child := range more {
		path = path.Child(child)
	}
	return path
}

// Child is the member name of the value at p.
func (p *Path) Child(name string) *Path { return &Path{parent: p, element: "." + name} }

// Index is the i-th member of the list at p.
func (p *Path) Index(i int) *Path {
	return &Path{parent: p, element: "[" + strconv.Itoa(i) + "]"}
}

func (p *Path) String() string {
	if p == nil {
		return "<nil>"
	}
	if p.parent == nil {
		return p.element
	}
	return p.parent.String() + p.element
}

// Kind is the reason a value was refused; programs compare it, people read it.
type Kind string

const (
	KindInvalid      Kind = "Invalid value"
	KindNotSupported Kind = "Unsupported value"
	KindRequired     Kind = "Required value"
)

// Error is one refused value.
type Error struct {
	Kind   Kind
	Field  string
	Value  any
	Detail string
}

func (e *Error) Error() string {
	message := e.Field + ": " + string(e.Kind)
	if e.Kind != KindRequired {
		message += ": " + quote(e.Value)
	}
	if e.Detail != "" {
		message += ": " + e.Detail
	}
	return message
}

// quote keeps text apart from the sentence around it.
func quote(value any) string {
	switch value := value.(type) {
	case string:
		return strconv.Quote(value)
	case fmt.Stringer:
		return strconv.Quote(value.String())
	default:
		return fmt.Sprint(value)
	}
}

// Invalid is for a value that breaks the rule detail states.
func Invalid(path *Path, value any, detail string) *Error {
	return &Error{Kind: KindInvalid, Field: path.String(), Value: value, Detail: detail}
}

// NotSupported is for a value outside a closed set.
func NotSupported(path *Path, value string, supported []string) *Error {
	return &Error{
		Kind: KindNotSupported, Field: path.String(), Value: value,
		Detail: "supported values: " + strings.Join(supported, ", "),
	}
}

// Required is for a value that is missing.
func Required(path *Path, detail string) *Error {
	return &Error{Kind: KindRequired, Field: path.String(), Detail: detail}
}

// ErrorList is what a validation returns: all faults, not only the first.
type ErrorList []*Error

// Errors is the list for those who take any error.
func (l ErrorList) Errors() []error {
	var errs []error
	for _, err := range l {
		errs = append(errs, err)
	}
	return errs
}
