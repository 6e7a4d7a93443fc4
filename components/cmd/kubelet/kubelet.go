// Command kubelet: see package app.
package main

import (
	"os"

	"slipway.example/component-base/cli"
	"slipway.example/components/cmd/kubelet/app"
)

func main() {
	command := app.NewKubeletCommand()
	code := cli.Run(command)
	os.Exit(code)
}
