// Package signals turns the wish of the operating system or of a person at the
// terminal to end this process into the end of a context.
package signals

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Context is done at the first interrupt or termination signal; its cause names
// the signal. The second signal has its default effect again: a person need not
// wait for a shutdown that hangs. On Windows Go delivers Ctrl-C and the closing
// of the console as the same two signals.
func Context(parent context.Context) context.Context {
	ctx, stop := signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx
}
