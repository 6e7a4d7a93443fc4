package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"slipway.example/apimachinery/aggregate"
	"slipway.example/client-go/client"
	"slipway.example/component-base/version"
	"slipway.example/components/cmd/kubectl/app/options"
)

// versions is the JSON output.
type versions struct {
	Client version.Info  `json:"clientVersion"`
	Server *version.Info `json:"serverVersion,omitempty"`
}

func newVersionCommand() *cobra.Command {
	o := options.NewOptions()
	command := &cobra.Command{
		Use:     "version",
		Short:   "Print the version of kubectl and, with --server, that of the server.",
		Example: "  kubectl version --server=127.0.0.1:8080 -o json",
		Args:    cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			config, err := o.Complete()
			if err != nil {
				return err
			}
			if err := aggregate.New(config.Validate()); err != nil {
				return err
			}
			return RunVersion(command.Context(), command.OutOrStdout(), config)
		},
	}
	o.AddFlags(command.Flags())
	return command
}

// RunVersion prints the known versions even if the server does not answer, and
// then returns that error.
func RunVersion(ctx context.Context, out io.Writer, config options.CompletedOptions) error {
	known := versions{Client: version.Get()}
	var serverErr error
	if config.Server != nil {
		known.Server, serverErr = askServer(ctx, config.Server)
	}
	if err := known.print(out, config.Output); err != nil {
		return err
	}
	return serverErr
}

func askServer(ctx context.Context, server *client.Client) (*version.Info, error) {
	info := &version.Info{}
	if err := server.Do(ctx, http.MethodGet, "/version", nil, nil, info); err != nil {
		return nil, fmt.Errorf("the server does not answer with a version: %w", err)
	}
	return info, nil
}

func (v versions) print(out io.Writer, output string) error {
	if output == options.OutputJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(v)
	}
	text := fmt.Sprintf("Client Version: %s\n", v.Client)
	if v.Server != nil {
		text += fmt.Sprintf("Server Version: %s\n", v.Server)
	}
	_, err := io.WriteString(out, text)
	return err
}
