// Command kube-proxy: see package app.
package main

import (
	"os"

	"slipway.example/component-base/cli"
	"slipway.example/components/cmd/kube-proxy/app"
)

func main() {
	command := app.NewProxyCommand()
	code := cli.Run(command)
	os.Exit(code)
}
