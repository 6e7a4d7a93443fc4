// Command __name__: see package app.
package main

import (
	"os"

	"slipway.example/component-base/cli"
	"slipway.example/components/cmd/__name__/app"
)

func main() {
	command := app.New__Name__Command()
	code := cli.Run(command)
	os.Exit(code)
}
