package healthz

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"
)

func TestHandler(t *testing.T) {
	closed := Check{Name: "store", Run: func(context.Context) error { return errors.New("closed") }}
	for _, test := range []struct {
		name, url string
		checks    []Check
		code      int
		body      string
	}{
		{"no checks", "/readyz", nil, 200, "ok"},
		{"holds", "/readyz", []Check{Ping}, 200, "ok"},
		{"holds, verbose", "/readyz?verbose", []Check{Ping}, 200, "[+]ping ok\nreadyz check passed\n"},
		{"fails", "/readyz", []Check{Ping, closed}, 500, "[+]ping ok\n[-]store failed: closed\nreadyz check failed\n"},
		{"all are asked", "/readyz?verbose", []Check{closed, Ping}, 500, "[-]store failed: closed\n[+]ping ok\nreadyz check failed\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := httptest.NewRecorder()
			Handler("readyz", test.checks...).ServeHTTP(answer, httptest.NewRequest("GET", test.url, nil))
			if answer.Code != test.code || answer.Body.String() != test.body {
				t.Errorf("got %d %q, want %d %q", answer.Code, answer.Body, test.code, test.body)
			}
		})
	}
}
