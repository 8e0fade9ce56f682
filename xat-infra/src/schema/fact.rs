//! Facts about a type that no property says, for rules over whole stacks.

use super::DeclaredBlock;

/// A fact about a resource type. Rules of [`lint`](crate::lint) are written over facts, so that none needs to know a type.
///
/// Properties are named as the type's struct names them; one of the blocks in a list is `list.property`.
#[derive(Clone, Copy, Debug)]
pub enum Fact {
    /// It keeps what it is about, and all that this holds, from being deleted.
    Guards,
    /// It holds others, and no data of its own.
    Groups,
    /// Its service keeps everybody from deleting it where one of these properties is said, and not as `false`.
    GuardedBy(&'static [&'static str]),
    /// It writes logs of its own, which nobody sees unless something [records](Fact::Records) them.
    Logs,
    /// It brings the logs of what it is about to where they are kept.
    Records,
    /// It keeps the logs of others.
    KeepsLogs,
    /// A list of them beside something has those beside all that this holds too.
    ListsBelow,
    /// It is of use only to what refers to it.
    ForOthers,
    /// It tells people of something: at least one of these properties says whom.
    Tells(&'static [&'static str]),
    /// It has the ranges of addresses in this property; what it holds has some of them.
    Addresses(&'static str),
    /// It joins what holds it with the network that this property names.
    Joins(&'static str),
    /// It makes what holds it, a zone of names, known in the network that this property names.
    KnownIn(&'static str),
    /// Its names are entered in zones, and looked up in the network of its place.
    NamedIn {
        /// The property with the zones.
        zones: &'static str,
        /// The property with its place in a network.
        place: &'static str,
    },
    /// It gives a role over what it is about, and all that this holds.
    Grants {
        /// The property with the role.
        role: &'static str,
        /// The property with who gets it.
        to: &'static str,
    },
    /// Whoever uses this output needs one of these roles over it, or over what holds it.
    Needs {
        /// The output.
        output: &'static str,
        /// The last segments of the roles that are enough.
        roles: &'static [&'static str],
        /// How a stack gives one, with `{used}` and `{who}` for variables.
        give: &'static str,
    },
    /// Roles decide who may use what is in it, unless this property is off.
    RolesDecide(&'static str),
    /// So many connections it takes at once, by what it declares; `None` where that is not known.
    Accepts(fn(&DeclaredBlock<'_>) -> Option<i64>),
    /// Each instance of it has connections open to others.
    Connects {
        /// The property that names what it is connected to.
        to: &'static str,
        /// The property with how many connections each instance has open at most.
        each: &'static str,
        /// The property with how many instances there are at most.
        instances: &'static str,
        /// How many that are where nothing is declared.
        unless_said: i64,
    },
    /// What it uses through some properties, it uses as an identity.
    Acts {
        /// The properties through which it uses outputs of others.
        through: &'static [&'static str],
        /// The property that names the identity; its own where nothing is declared there.
        identity: &'static str,
    },
}

impl Fact {
    /// Whether it is a fact of the same kind, whatever else they say.
    pub fn is(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// The properties that it names.
    pub fn properties(self) -> Vec<&'static str> {
        match self {
            Self::Guards
            | Self::Groups
            | Self::Logs
            | Self::Records
            | Self::KeepsLogs
            | Self::ListsBelow
            | Self::ForOthers => Vec::new(),
            Self::Needs { .. } | Self::Accepts(_) => Vec::new(),
            Self::Connects { to, each, instances, .. } => vec![to, each, instances],
            Self::Tells(properties) | Self::GuardedBy(properties) => properties.to_vec(),
            Self::Addresses(one)
            | Self::Joins(one)
            | Self::KnownIn(one)
            | Self::RolesDecide(one) => {
                vec![one]
            }
            Self::NamedIn { zones, place } => vec![zones, place],
            Self::Grants { role, to } => vec![role, to],
            Self::Acts { through, identity } => through.iter().copied().chain([identity]).collect(),
        }
    }
}
