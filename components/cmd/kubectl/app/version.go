package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"slipway.example/apimachinery/aggregate"
	"slipway.example/component-base/version"
	"slipway.example/components/cmd/kubectl/app/options"
)

const serverTimeout = 10 * time.Second

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

// RunVersion prints what is known even if the server does not answer, and then
// returns that as the error.
func RunVersion(ctx context.Context, out io.Writer, config options.CompletedOptions) error {
	known := versions{Client: version.Get()}
	var serverErr error
	if config.Server != nil {
		known.Server, serverErr = askServer(ctx, config.Server.JoinPath("version").String())
	}
	if err := known.print(out, config.Output); err != nil {
		return err
	}
	return serverErr
}

func askServer(ctx context.Context, url string) (*version.Info, error) {
	ctx, cancel := context.WithTimeout(ctx, serverTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", url, answer.Status)
	}
	info := &version.Info{}
	if err := json.NewDecoder(answer.Body).Decode(info); err != nil {
		return nil, fmt.Errorf("%s does not answer with a version: %w", url, err)
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
