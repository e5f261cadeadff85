import Grants

extension Texts {
    /// Resource types.
    enum Types {
        static let title = "Resource types"
        static let sentence = "The kinds of thing that are protected, with what can be done to them."
        static let create = "Create resource type"
        static let search = "Search resource types"
        static let plane = "Plane"
        static let runtime = "What products protect"
        static let management = "Gatehouse itself"
        static let runtimeSentence = "Something that one of your products protects and asks Gatehouse about."
        static let managementSentence = "Something of Gatehouse's own. It is built in and stays as it is."
        static func unknownPlane(_ plane: String) -> String { "There is no plane \"\(plane)\". Choose runtime or management." }
        static let noneFound = "No resource type fits"
        static let noneFoundSentence = "None fits this search and these filters. Take one away."
        static let showAll = "Show all resource types"
        static let syntax = "Syntax of ids"
        static let syntaxName = "Name"
        static let syntaxTopic = "MQTT topic"
        static let syntaxPath = "Path"
        static let syntaxHint = "How ids and patterns are written. Fixed as soon as something uses the type."
        static let actions = "Actions"
        static let action = "Action"
        static let actionsSentence = "What can be done to a resource of this type. An action may include others."
        static let actionsHint =
            "One a line: its id, if you like a name, and what it includes. Such as: write Write includes POST, PUT"
        static let properties = "Properties"
        static let propertiesHint = "Names of properties that conditions may read, separated by spaces."
        static let whoMay = "Who may?"
        static func whoMayAction(_ action: String) -> String { "Who may \(action)?" }
        static let resources = "Registered resources"
        static let resourcesSentence =
            "Only what has properties or belongs to an organization needs to be registered. Everything else is decided by its id."
        static let noResources = "None is registered."
        static func more(_ total: Int) -> String { "These are the first of \(grouped(total))." }
        static let edit = "Edit"
        static let delete = "Delete"
        static let createTitle = "Create resource type"
        static let createSentence =
            "Permissions can speak about it as soon as it exists. Nobody may do anything to it until then."
        static let createButton = "Create resource type"
        static let identifierHint = "Small letters, digits and - . _ only. Products ask with it; it stays as it is."
        static let editSentence = "Actions that permissions name cannot be taken away."
        static let protectedSentence = "Built-in resource types cannot be changed or deleted."
        static func created(_ name: String) -> String { "Created the resource type \(name)." }
        static func deleted(_ name: String) -> String { "Deleted the resource type \(name)." }
        static func deleteQuestion(_ name: String) -> String { "Delete the resource type \(name)?" }
        static let deleteSentence =
            "Questions about it are denied from then on. It can only be deleted while no permission and no registered resource names it."
        static let deleteButton = "Delete resource type"
        static func inLine(_ line: Int, _ message: String) -> String { "Line \(line): \(message)" }
    }

    /// Catalogs.
    enum Catalogs {
        static let title = "Catalogs"
        static let sentence = "A catalog is a file that declares a product's resource types and default roles."
        static let none = "No catalog yet"
        static let noneSentence = "Catalogs bring the resource types and roles of products. Whoever may apply one can do it here."
        static let version = "Version"
        static let applied = "Applied"
        static let apply = "Apply a catalog"
        static let applySentence = "Nothing happens at once: first you see what it would create and change."
        static let text = "The catalog"
        static let textHint = "YAML or JSON, as it stands in the file."
        static let file = "Or a file"
        static let fileHint = "At most 1 MB. A file counts more than the text above."
        static let check = "Show what would change"
        static let nothingSent = "Paste a catalog, or choose a file."
        static func inField(_ field: String, _ message: String) -> String { "\(field): \(message)" }
        static func checkTitle(_ name: String) -> String { "What \(name) would change" }
        static let checkSentence =
            "Nothing is changed yet. Types and roles of other catalogs, and those made here, stay as they are."
        static let created = "New"
        static let updated = "Changed"
        static let unchanged = "Stay as they are"
        static let nothingNew = "Everything is there already"
        static let nothingNewSentence = "Applying it again would change nothing."
        static let applyButton = "Apply the catalog"
        static let role = "Role"
        static let type = "Resource type"
        static let what = "What"
        static func done(_ difference: CatalogDifference) -> String {
            let created = difference.items(.created).count
            let updated = difference.items(.updated).count
            return "Applied \(difference.name): \(created) new, \(updated) changed."
        }
    }
}
