/// What a session was opened with, in plain words: `Firefox on Linux` from a `User-Agent`.
func deviceName(_ agent: String) -> String {
    guard !agent.isEmpty else { return Texts.Devices.unknown }
    // Browsers claim to be each other: the more special name first.
    let programs: [(token: String, name: String)] = [
        ("gatehouse/", "gatehouse"), ("HeadlessChrome/", "Chrome without a window"), ("Edg/", "Edge"), ("EdgA/", "Edge"),
        ("EdgiOS/", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"), ("SamsungBrowser/", "Samsung Internet"),
        ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"),
        ("Safari/", "Safari"), ("curl/", "curl"), ("Wget/", "Wget"), ("python-requests/", "Python"), ("Python-urllib/", "Python"),
        ("python-httpx/", "Python"), ("Go-http-client/", "Go"), ("Java/", "Java"), ("PostmanRuntime/", "Postman"),
        ("node", "Node.js"),
    ]
    let systems: [(token: String, name: String)] = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
        ("Mac OS X", "Mac"), ("Macintosh", "Mac"), ("Darwin", "Mac"), ("Linux", "Linux"), ("FreeBSD", "FreeBSD"),
    ]
    let system = systems.first { agent.contains($0.token) }?.name
    guard let program = programs.first(where: { agent.contains($0.token) })?.name else {
        // A program we do not know: its own first word, which is what administrators will recognise.
        let word = agent.prefix { $0 != "/" && $0 != " " }.prefix(40)
        return word.isEmpty ? Texts.Devices.unknown : String(word)
    }
    guard let system else { return program }
    return Texts.Devices.on(program, system)
}
