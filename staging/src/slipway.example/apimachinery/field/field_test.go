package field

import (
	"net"
	"testing"
)

func TestPath(t *testing.T) {
	for _, test := range []struct {
		path *Path
		want string
	}{
		{NewPath("--port"), "--port"},
		{NewPath("spec", "replicas"), "spec.replicas"},
		{NewPath("spec").Child("containers").Index(0).Child("name"), "spec.containers[0].name"},
		{NewPath("matrix").Index(1).Index(2), "matrix[1][2]"},
		{nil, "<nil>"},
	} {
		if got := test.path.String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestPathsShareAParent(t *testing.T) {
	spec := NewPath("spec")
	a, b := spec.Child("a"), spec.Child("b")
	if a.String() != "spec.a" || b.String() != "spec.b" {
		t.Errorf("got %s and %s", a, b)
	}
}

func TestError(t *testing.T) {
	path := NewPath("x")
	for _, test := range []struct {
		name string
		err  *Error
		want string
	}{
		{"number", Invalid(path, 70000, "too big"), "x: Invalid value: 70000: too big"},
		{"text", Invalid(path, "a b", "no spaces"), `x: Invalid value: "a b": no spaces`},
		{"stringer", Invalid(path, net.IPv4(10, 0, 0, 1), "not loopback"), `x: Invalid value: "10.0.0.1": not loopback`},
		{"no detail", Invalid(path, -1, ""), "x: Invalid value: -1"},
		{"closed set", NotSupported(path, "xml", []string{"json", "text"}), `x: Unsupported value: "xml": supported values: json, text`},
		{"missing", Required(path, "name the node"), "x: Required value: name the node"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.err.Error(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestErrorListErrors(t *testing.T) {
	if errs := (ErrorList{}).Errors(); len(errs) != 0 {
		t.Errorf("empty list gives %v", errs)
	}
	first := Required(NewPath("x"), "")
	if errs := (ErrorList{first, Required(NewPath("y"), "")}).Errors(); len(errs) != 2 || errs[0] != first {
		t.Errorf("got %v", errs)
	}
}
