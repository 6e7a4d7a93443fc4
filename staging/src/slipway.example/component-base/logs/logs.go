// Package logs sets up structured logging: the flags, the logger made from
// them, and its way through a context.
package logs

import (
	"context"
	"io"
	"log/slog"

	"github.com/spf13/pflag"

	"slipway.example/apimachinery/field"
	"slipway.example/apimachinery/validation"
)

const maxVerbosity = 10

// handlers are the formats of --logging-format.
var handlers = map[string]func(io.Writer, *slog.HandlerOptions) slog.Handler{
	"json": func(out io.Writer, o *slog.HandlerOptions) slog.Handler { return slog.NewJSONHandler(out, o) },
	"text": func(out io.Writer, o *slog.HandlerOptions) slog.Handler { return slog.NewTextHandler(out, o) },
}

// Options are the logging flags.
type Options struct {
	Format    string
	Verbosity int
}

// NewOptions returns the defaults.
func NewOptions() *Options { return &Options{Format: "text"} }

// AddFlags registers the logging flags.
func (o *Options) AddFlags(fs *pflag.FlagSet) {
	fs.StringVar(&o.Format, "logging-format", o.Format, "Form of a log line: text or json.")
	fs.IntVarP(&o.Verbosity, "v", "v", o.Verbosity, "Number for the log level verbosity: 0 is for operators, 4 for debugging.")
}

// Validate returns all that is wrong with the flags.
func (o *Options) Validate() field.ErrorList {
	var errs field.ErrorList
	if handlers[o.Format] == nil {
		errs = append(errs, field.NotSupported(field.NewPath("--logging-format"), o.Format, []string{"json", "text"}))
	}
	for _, fault := range validation.IsInRange(o.Verbosity, 0, maxVerbosity) {
		errs = append(errs, field.Invalid(field.NewPath("--v"), o.Verbosity, fault))
	}
	return errs
}

// New makes a logger from valid options. Verbosity n is the level -n of slog,
// where -4 is debug: Kubernetes and slog use the same distance.
func (o *Options) New(out io.Writer) *slog.Logger {
	return slog.New(handlers[o.Format](out, &slog.HandlerOptions{Level: slog.Level(-o.Verbosity)}))
}

// Init gives what is logged without a context, by libraries for example, the
// form of our own lines.
func Init(out io.Writer) { slog.SetDefault(NewOptions().New(out)) }

type contextKey struct{}

// NewContext makes logger the one FromContext finds.
func NewContext(ctx context.Context, logger *slog.Logger) context.Context {
	return context.WithValue(ctx, contextKey{}, logger)
}

// FromContext never returns nil.
func FromContext(ctx context.Context) *slog.Logger {
	if logger, ok := ctx.Value(contextKey{}).(*slog.Logger); ok {
		return logger
	}
	return slog.Default()
}
