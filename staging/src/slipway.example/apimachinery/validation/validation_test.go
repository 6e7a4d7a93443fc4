package validation

import (
	"strings"
	"testing"
)

func TestIsDNS1123Subdomain(t *testing.T) {
	label := strings.Repeat("a", 63)
	for _, test := range []struct {
		name, value string
		faults      int
	}{
		{"one letter", "a", 0},
		{"digits", "10", 0},
		{"node", "node-1.rack-2.example", 0},
		{"longest label", label, 0},
		{"empty", "", 1},
		{"upper case", "Node", 1},
		{"underscore", "node_1", 1},
		{"dash first", "-node", 1},
		{"dash last", "node-", 1},
		{"dash before dot", "node-.example", 1},
		{"empty label", "node..example", 1},
		{"dot last", "node.", 1},
		{"newline last", "node\n", 1},
		{"label too long", label + "a", 1},
		{"longest", strings.Join([]string{label, label, label, label[:61]}, "."), 0},
		{"too long", strings.Join([]string{label, label, label, label[:62]}, "."), 1},
		{"too long and wrong", strings.Repeat("a.", 127) + "B", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := IsDNS1123Subdomain(test.value); len(got) != test.faults {
				t.Errorf("got %q, want %d faults", got, test.faults)
			}
		})
	}
}

func TestIsInRange(t *testing.T) {
	for _, test := range []struct {
		value int
		valid bool
	}{
		{-1, false}, {0, true}, {1, true}, {65535, true}, {65536, false},
	} {
		if got := IsInRange(test.value, 0, 65535); (len(got) == 0) != test.valid {
			t.Errorf("%d: got %q, want valid=%v", test.value, got, test.valid)
		}
	}
}
