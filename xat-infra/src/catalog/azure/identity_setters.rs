//! The setters of resources that can have managed identities, for their fields `identity_type` and `identities`.

/// Writes `identity` and `system_identity` for a type.
macro_rules! identity_setters {
    ($name:ident) => {
        impl $name {
            /// Gives it an identity that stands on its own, beside those given before.
            #[track_caller]
            #[must_use]
            pub fn identity(
                mut self,
                identity: crate::dsl::Handle<crate::azure::UserAssignedIdentity>,
            ) -> Self {
                self.meta.set_here(Self::IDENTITY_TYPE.index());
                self.meta.set_here(Self::IDENTITIES.index());
                self.identity_type =
                    Some(crate::azure::IdentityType::with_user_assigned(self.identity_type));
                let identities = self.identities.get_or_insert_default();
                let identity = crate::dsl::Ref::from(identity);
                // An identity may be given for more than one purpose.
                if !identities.0.iter().any(|given| given.text() == identity.text()) {
                    identities.extend([identity]);
                }
                self
            }

            /// Gives it an identity that is made and deleted together with it.
            #[track_caller]
            #[must_use]
            pub fn system_identity(mut self) -> Self {
                self.meta.set_here(Self::IDENTITY_TYPE.index());
                self.identity_type =
                    Some(crate::azure::IdentityType::with_system_assigned(self.identity_type));
                self
            }
        }
    };
}
pub(super) use identity_setters;
