import ArgumentParser

/// `gatehouse completion`: a script that teaches a shell the commands and options.
struct Completion: ReportingCommand {
    enum Shell: String, ExpressibleByArgument, CaseIterable, Sendable {
        case bash, zsh, fish

        fileprivate var completionShell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    static let configuration = CommandConfiguration(
        abstract: "Write the completion script for a shell.",
        discussion: """
            bash: source <(gatehouse completion bash)
            zsh: gatehouse completion zsh > ~/.zfunc/_gatehouse, in a folder of fpath
            fish: gatehouse completion fish > ~/.config/fish/completions/gatehouse.fish
            """)

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func perform() async throws {
        try StandardOutput.write(Gatehouse.completionScript(for: shell.completionShell) + "\n")
    }
}
