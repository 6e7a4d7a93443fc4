package daemon_test

import (
	"context"
	"errors"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"slipway.example/component-base/logs"
	"slipway.example/component-base/serving"
	"slipway.example/components/pkg/daemon"
	"slipway.example/components/pkg/daemon/daemontest"
)

type exampleOptions struct {
	daemon  *daemon.Options
	failure error
}

func (o exampleOptions) AddFlags(fs *pflag.FlagSet) { o.daemon.AddFlags(fs) }

func (o exampleOptions) Complete() (daemon.CompletedOptions, error) {
	return o.daemon.Complete(), o.failure
}

func newExample(failure error, run func(context.Context, daemon.CompletedOptions) error) *cobra.Command {
	return daemon.NewCommand("kube-example", "An example.", exampleOptions{daemon.NewOptions(0), failure}, run)
}

func TestContract(t *testing.T) {
	daemontest.Test(t, func() *cobra.Command {
		return newExample(nil, func(ctx context.Context, config daemon.CompletedOptions) error {
			return daemon.Run(ctx, config, serving.NewMux())
		})
	})
}

func TestNewCommandReturnsTheFirstFailure(t *testing.T) {
	completing, running := errors.New("completing"), errors.New("running")
	for _, test := range []struct {
		name            string
		complete, run   error
		arguments       []string
		want            error
		reaches, passes bool
	}{
		{name: "completing", complete: completing, run: running, want: completing},
		{name: "running", run: running, want: running, reaches: true},
		{name: "neither", reaches: true, passes: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			reached := false
			command := newExample(test.complete, func(ctx context.Context, _ daemon.CompletedOptions) error {
				reached = true
				logs.FromContext(ctx).Debug("not shown")
				return test.run
			})
			command.SetArgs(nil)
			command.SilenceErrors, command.SilenceUsage = true, true
			err := command.ExecuteContext(t.Context())
			if !errors.Is(err, test.want) || (err == nil) != test.passes || reached != test.reaches {
				t.Errorf("got %v, reached run: %v", err, reached)
			}
		})
	}
}

func TestCompleteCopies(t *testing.T) {
	o := daemon.NewOptions(0)
	config := o.Complete()
	o.Serving.Port, o.Logs.Format = -1, "xml"
	if errs := config.Validate(); len(errs) > 0 {
		t.Errorf("a later change reaches the completed options: %v", errs)
	}
}
