// Package healthz answers the questions "is it alive" and "is it ready".
package healthz

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// Check is one condition; Run returns nil while it holds.
type Check struct {
	Name string
	Run  func(context.Context) error
}

// Ping holds for as long as the server answers at all.
var Ping = Check{Name: "ping", Run: func(context.Context) error { return nil }}

// Handler answers 200 and "ok" if every check holds, else 500 and the list of
// checks. With ?verbose the list comes in either case. The reasons are not held
// back: it is meant for loopback addresses.
func Handler(name string, checks ...Check) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var list strings.Builder
		failed := false
		for _, check := range checks {
			if err := check.Run(r.Context()); err != nil {
				failed = true
				fmt.Fprintf(&list, "[-]%s failed: %v\n", check.Name, err)
			} else {
				fmt.Fprintf(&list, "[+]%s ok\n", check.Name)
			}
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-cache, private")
		switch verbose := r.URL.Query().Has("verbose"); {
		case failed:
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprintf(w, "%s%s check failed\n", list.String(), name)
		case verbose:
			fmt.Fprintf(w, "%s%s check passed\n", list.String(), name)
		default:
			fmt.Fprint(w, "ok")
		}
	})
}
