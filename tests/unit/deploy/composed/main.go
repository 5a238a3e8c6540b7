// Reads compose.yaml as Docker Compose does, with the variables of its environment, and refuses what is not as the
// Compose Specification has it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	ctx := context.Background()
	options, err := cli.NewProjectOptions(os.Args[1:], cli.WithOsEnv, cli.WithProfiles([]string{"*"}))
	if err == nil {
		_, err = options.LoadProject(ctx)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
