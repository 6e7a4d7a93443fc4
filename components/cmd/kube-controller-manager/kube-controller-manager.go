// Command kube-controller-manager: see package app.
package main

import (
	"os"

	"slipway.example/component-base/cli"
	"slipway.example/components/cmd/kube-controller-manager/app"
)

func main() {
	command := app.NewControllerManagerCommand()
	code := cli.Run(command)
	os.Exit(code)
}
