package __package__

import "testing"

func TestReverse(t *testing.T) {
	for text, want := range map[string]string{"": "", "a": "a", "añb": "bña"} {
		if got := Reverse(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
