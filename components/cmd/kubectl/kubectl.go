// Command kubectl: see package app.
package main

import (
	"os"

	"slipway.example/component-base/cli"
	"slipway.example/components/cmd/kubectl/app"
)

func main() {
	command := app.NewDefaultKubectlCommand()
	code := cli.Run(command)
	os.Exit(code)
}
