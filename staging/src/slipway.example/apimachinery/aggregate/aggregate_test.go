package aggregate

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

func TestNew(t *testing.T) {
	a, b := errors.New("a"), errors.New("b")
	nested := New([]error{a, b})
	for _, test := range []struct {
		name string
		errs []error
		want string
	}{
		{"no slice", nil, ""},
		{"only nil", []error{nil, nil}, ""},
		{"one", []error{a}, "a"},
		{"nil between", []error{nil, a, nil, b}, "[a, b]"},
		{"order kept", []error{b, a}, "[b, a]"},
		{"same message once", []error{a, errors.New("a")}, "a"},
		{"nested", []error{nested, errors.New("c")}, "[[a, b], c]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := New(test.errs)
			if err == nil {
				if test.want != "" {
					t.Fatalf("got nil, want %q", test.want)
				}
				return
			}
			if err.Error() != test.want {
				t.Errorf("got %q, want %q", err, test.want)
			}
		})
	}
}

func TestNewLeavesItsArgumentAlone(t *testing.T) {
	a := errors.New("a")
	errs := []error{nil, a}
	_ = New(errs)
	if errs[0] != nil || errs[1] != a {
		t.Errorf("argument changed to %v", errs)
	}
}

func TestMembersAreFound(t *testing.T) {
	err := New([]error{errors.New("a"), fmt.Errorf("open: %w", fs.ErrNotExist)})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("errors.Is does not find the member of %v", err)
	}
}
