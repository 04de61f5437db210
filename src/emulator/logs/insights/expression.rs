//! Expressions, from what binds least to what binds most.

use super::ast::{Arithmetic, Comparison, Expression};
use super::error::CompileError;
use super::functions::Function;
use super::lexer::{Sign, Token};
use super::parser::Parser;
use super::stats::Aggregate;

impl Parser<'_> {
    /// An expression: `or` of `and` of `not` of comparisons of sums.
    pub(super) fn expression(&mut self) -> Result<Expression, CompileError> {
        self.descend()?;
        let mut any = vec![self.conjunction()?];
        while self.takes_word("or")? {
            any.push(self.conjunction()?);
        }
        self.depth -= 1;
        Ok(only(any, Expression::Any))
    }

    fn conjunction(&mut self) -> Result<Expression, CompileError> {
        let mut all = vec![self.negation()?];
        while self.takes_word("and")? {
            all.push(self.negation()?);
        }
        Ok(only(all, Expression::All))
    }

    fn negation(&mut self) -> Result<Expression, CompileError> {
        if !self.takes_word("not")? {
            return self.comparison();
        }
        self.descend()?;
        let negated = self.negation()?;
        self.depth -= 1;
        Ok(Expression::Not(Box::new(negated)))
    }

    fn comparison(&mut self) -> Result<Expression, CompileError> {
        let left = self.sum()?;
        if self.takes_word("not")? {
            if !self.sees("like") && !self.sees("in") {
                return Err(self.unexpected());
            }
            let positive = self.membership(left)?;
            return Ok(Expression::Not(Box::new(positive)));
        }
        if self.sees("like") || self.sees("in") || self.token == Token::Sign(Sign::Matches) {
            return self.membership(left);
        }
        let comparison = match self.token {
            Token::Sign(Sign::Equal) => Comparison::Equal,
            Token::Sign(Sign::NotEqual) => Comparison::NotEqual,
            Token::Sign(Sign::Less) => Comparison::Less,
            Token::Sign(Sign::LessOrEqual) => Comparison::LessOrEqual,
            Token::Sign(Sign::Greater) => Comparison::Greater,
            Token::Sign(Sign::GreaterOrEqual) => Comparison::GreaterOrEqual,
            _ => return Ok(left),
        };
        self.step()?;
        let right = self.sum()?;
        Ok(Expression::Compared(
            comparison,
            Box::new(left),
            Box::new(right),
        ))
    }

    /// `like`, `=~` and `in`.
    fn membership(&mut self, left: Expression) -> Result<Expression, CompileError> {
        let left = Box::new(left);
        if self.takes_word("in")? {
            self.expect(Sign::OpenList)?;
            let mut list = Vec::new();
            if !self.takes(Sign::CloseList)? {
                list.push(self.sum()?);
                while self.takes(Sign::Comma)? {
                    list.push(self.sum()?);
                }
                self.expect(Sign::CloseList)?;
            }
            return Ok(Expression::In(left, list));
        }
        self.step()?;
        if let Token::Text(text) = &self.token {
            let text = text.clone();
            self.step()?;
            return Ok(Expression::Contains(left, text));
        }
        Ok(Expression::Matches(left, self.regex()?))
    }

    fn sum(&mut self) -> Result<Expression, CompileError> {
        let mut left = self.product()?;
        loop {
            let operator = match self.token {
                Token::Sign(Sign::Plus) => Arithmetic::Add,
                Token::Sign(Sign::Minus) => Arithmetic::Subtract,
                _ => return Ok(left),
            };
            self.join()?;
            self.step()?;
            let right = self.product()?;
            left = Expression::Arithmetic(operator, Box::new(left), Box::new(right));
        }
    }

    fn product(&mut self) -> Result<Expression, CompileError> {
        let mut left = self.power()?;
        loop {
            let operator = match self.token {
                Token::Sign(Sign::Times) => Arithmetic::Multiply,
                Token::Sign(Sign::Divide) => Arithmetic::Divide,
                Token::Sign(Sign::Remainder) => Arithmetic::Remainder,
                _ => return Ok(left),
            };
            self.join()?;
            self.step()?;
            let right = self.power()?;
            left = Expression::Arithmetic(operator, Box::new(left), Box::new(right));
        }
    }

    /// A power; that `2 ^ 3 ^ 2` is `2 ^ 9` is a guess.
    fn power(&mut self) -> Result<Expression, CompileError> {
        let left = self.sign()?;
        if !self.takes(Sign::Power)? {
            return Ok(left);
        }
        self.descend()?;
        let right = self.power()?;
        self.depth -= 1;
        Ok(Expression::Arithmetic(
            Arithmetic::Power,
            Box::new(left),
            Box::new(right),
        ))
    }

    fn sign(&mut self) -> Result<Expression, CompileError> {
        if !self.takes(Sign::Minus)? {
            return self.primary();
        }
        self.descend()?;
        let negated = self.sign()?;
        self.depth -= 1;
        Ok(Expression::Negated(Box::new(negated)))
    }

    /// A value, a function or an expression in brackets.
    pub(super) fn primary(&mut self) -> Result<Expression, CompileError> {
        let bytes = self.bytes.clone();
        match &self.token {
            Token::Number(number) => {
                let number = Expression::Number(*number);
                self.step()?;
                Ok(number)
            }
            Token::Text(text) => {
                let text = Expression::Text(text.clone());
                self.step()?;
                Ok(text)
            }
            Token::Quoted(name) => {
                let name = name.clone();
                self.step()?;
                Ok(Expression::Field { name, bytes })
            }
            Token::Name(name) if !is_reserved(name) => {
                let name = name.clone();
                self.step()?;
                if self.token == Token::Sign(Sign::Open) {
                    return self.call(&name, bytes);
                }
                Ok(match name.as_str() {
                    "true" => Expression::Boolean(true),
                    "false" => Expression::Boolean(false),
                    _ => Expression::Field { name, bytes },
                })
            }
            Token::Sign(Sign::Open) => {
                self.step()?;
                let inner = self.expression()?;
                self.expect(Sign::Close)?;
                Ok(inner)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// A function, from its opening bracket on.
    fn call(
        &mut self,
        name: &str,
        bytes: std::ops::Range<usize>,
    ) -> Result<Expression, CompileError> {
        self.expect(Sign::Open)?;
        if ["bin", "datefloor", "dateceil"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
        {
            return self.rounded(name);
        }
        if let Some(aggregate) = Aggregate::named(name) {
            if !self.in_stats {
                return Err(CompileError::unexpected(self.query, bytes));
            }
            return self.aggregated(aggregate);
        }
        let Some((function, arity)) = Function::named(name) else {
            return Err(CompileError::unexpected(self.query, bytes));
        };
        let mut arguments = Vec::new();
        if !self.takes(Sign::Close)? {
            arguments.push(self.expression()?);
            while self.takes(Sign::Comma)? {
                arguments.push(self.expression()?);
            }
            self.expect(Sign::Close)?;
        }
        if !arity.contains(&arguments.len()) {
            let message = format!(
                "invalid number of arguments ({}) for {name}",
                arguments.len()
            );
            return Err(CompileError::new(self.query, bytes, message));
        }
        Ok(Expression::Call(function, arguments))
    }

    /// `bin(PERIOD)`, `datefloor(MOMENT, PERIOD)` and `dateceil(MOMENT, PERIOD)`.
    fn rounded(&mut self, name: &str) -> Result<Expression, CompileError> {
        let moment = if name.eq_ignore_ascii_case("bin") {
            Expression::Field {
                name: "@timestamp".to_owned(),
                bytes: self.bytes.clone(),
            }
        } else {
            let moment = self.expression()?;
            self.expect(Sign::Comma)?;
            moment
        };
        let Token::Period(period) = self.token else {
            return Err(self.unexpected());
        };
        self.step()?;
        self.expect(Sign::Close)?;
        let is_up = name.eq_ignore_ascii_case("dateceil");
        Ok(Expression::Rounded(Box::new(moment), period, is_up))
    }

    fn aggregated(&mut self, aggregate: Aggregate) -> Result<Expression, CompileError> {
        let is_count = aggregate == Aggregate::Count;
        if is_count && self.takes(Sign::Times)? {
            self.expect(Sign::Close)?;
            return Ok(Expression::Aggregated(aggregate, None));
        }
        if is_count && self.takes(Sign::Close)? {
            return Ok(Expression::Aggregated(aggregate, None));
        }
        // One cannot stand in another.
        self.in_stats = false;
        let value = self.expression()?;
        self.in_stats = true;
        let aggregate = match aggregate {
            Aggregate::Percentile(share) if share.is_nan() => {
                self.expect(Sign::Comma)?;
                let Token::Number(share) = self.token else {
                    return Err(self.unexpected());
                };
                if !(0.0..=100.0).contains(&share) {
                    return Err(self.unexpected());
                }
                self.step()?;
                Aggregate::Percentile(share)
            }
            other => other,
        };
        self.expect(Sign::Close)?;
        Ok(Expression::Aggregated(aggregate, Some(Box::new(value))))
    }
}

/// The only one of a list, or the list as one.
fn only(mut list: Vec<Expression>, joined: fn(Vec<Expression>) -> Expression) -> Expression {
    match list.pop() {
        Some(one) if list.is_empty() => one,
        end => {
            list.extend(end);
            joined(list)
        }
    }
}

/// Words that cannot be a field without backquotes.
fn is_reserved(name: &str) -> bool {
    let reserved = ["as", "by", "and", "or", "not", "in", "like", "asc", "desc"];
    reserved.iter().any(|word| word.eq_ignore_ascii_case(name))
}
