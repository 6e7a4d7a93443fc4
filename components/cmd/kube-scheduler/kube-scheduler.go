// Command kube-scheduler: see package app.
package main

import (
	"os"

	"slipway.example/component-base/cli"
	"slipway.example/components/cmd/kube-scheduler/app"
)

func main() {
	command := app.NewSchedulerCommand()
	code := cli.Run(command)
	os.Exit(code)
}
