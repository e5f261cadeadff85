/// One step of the schema. Numbers are unique across rooms and applied in order.
///
/// A `CREATE TABLE` that ends with `/* key organized */` is kept in the order of its primary key where the engine can do
/// that, which spares the second copy of long keys.
public struct Migration: Sendable {
    public let number: Int
    public let name: String
    public let statements: [SQL]

    public init(_ number: Int, _ name: String, _ statements: [SQL]) {
        self.number = number
        self.name = name
        self.statements = statements
    }
}
