package logs

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"slipway.example/apimachinery/aggregate"
)

func TestValidate(t *testing.T) {
	for _, test := range []struct {
		name    string
		options Options
		want    string
	}{
		{"defaults", *NewOptions(), ""},
		{"json, loud", Options{Format: "json", Verbosity: 10}, ""},
		{"unknown format", Options{Format: "xml"}, `--logging-format: Unsupported value: "xml": supported values: json, text`},
		{"too loud", Options{Format: "text", Verbosity: 11}, "--v: Invalid value: 11: must be between 0 and 10, inclusive"},
		{"both", Options{Verbosity: -1}, `[--logging-format: Unsupported value: "": supported values: json, text, ` +
			"--v: Invalid value: -1: must be between 0 and 10, inclusive]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			if err := aggregate.New(test.options.Validate().Errors()); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestNew(t *testing.T) {
	for _, test := range []struct {
		name      string
		arguments []string
		want      []string
	}{
		{"quiet", nil, []string{"level=INFO msg=info", "level=WARN msg=warn"}},
		{"debug", []string{"-v=4"}, []string{"level=DEBUG msg=debug", "level=INFO msg=info", "level=WARN msg=warn"}},
		{"json", []string{"--logging-format=json", "--v=3"}, []string{`"msg":"info"`, `"msg":"warn"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := NewOptions()
			fs := pflag.NewFlagSet("", pflag.ContinueOnError)
			o.AddFlags(fs)
			if err := fs.Parse(test.arguments); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			logger := o.New(&out)
			logger.Debug("debug")
			logger.Info("info")
			logger.Warn("warn")
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if len(lines) != len(test.want) {
				t.Fatalf("got %q, want %q", lines, test.want)
			}
			for i, want := range test.want {
				if !strings.Contains(lines[i], want) {
					t.Errorf("line %d is %q, want %q in it", i, lines[i], want)
				}
			}
		})
	}
}

func TestContext(t *testing.T) {
	if FromContext(context.Background()) != slog.Default() {
		t.Error("a bare context does not give the default logger")
	}
	logger := slog.New(slog.DiscardHandler)
	if FromContext(NewContext(context.Background(), logger)) != logger {
		t.Error("the logger put in is not the one that comes out")
	}
}
