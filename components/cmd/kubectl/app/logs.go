package app

import (
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"slipway.example/api/core"
	"slipway.example/client-go/client"
	"slipway.example/components/cmd/kubectl/app/options"
)

func newLogsCommand() *cobra.Command {
	cluster, container, follow := options.NewCluster(), "", false
	command := &cobra.Command{
		Use:     "logs POD",
		Short:   "Print what a container wrote.",
		Example: "  kubectl logs web-x7f2qa --follow",
		Args:    cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			server, err := cluster.Complete()
			if err != nil {
				return err
			}
			path := client.Path(core.FindKind("Pod"), cluster.Namespace, arguments[0], "log")
			query := url.Values{"container": {container}, "follow": {strconv.FormatBool(follow)}}
			log, err := server.Stream(command.Context(), http.MethodGet, path, query, nil)
			if err != nil {
				return err
			}
			defer log.Close()
			_, err = io.Copy(command.OutOrStdout(), log)
			return err
		},
	}
	cluster.AddFlags(command.Flags())
	command.Flags().StringVarP(&container, "container", "c", "", "Name of the container; the first if not given.")
	command.Flags().BoolVarP(&follow, "follow", "f", false, "Go on with what is written, until the pod is gone.")
	return command
}
