//! From a `$filter` to a checked [`Expression`], by recursive descent.
//!
//! In the order of their strength: `or`; `and`; comparisons and `in`; `not`; values.

use crate::lexer::{Lexer, Token};
use crate::{EntitySet, Expression, Function, Literal, Operator, Result, check};

/// Brackets within brackets.
const DEPTH_MAX: usize = 100;
/// Values and conditions of one filter.
const PARTS_MAX: usize = 2_000;

pub(crate) struct Parser<'a> {
    set: &'a EntitySet,
    lexer: Lexer<'a>,
    depth: usize,
    n_parts: usize,
}

/// The filter in `text`.
pub(crate) fn filter(set: &EntitySet, option: &str, text: &str) -> Result<Expression> {
    let mut parser = Parser { set, lexer: Lexer::new(option, text), depth: 0, n_parts: 0 };
    let condition = parser.condition()?;
    parser.lexer.expect(&Token::End, "an operator or the end")?;
    Ok(condition)
}

impl Parser<'_> {
    /// An expression that is true or false.
    fn condition(&mut self) -> Result<Expression> {
        let start = self.lexer.clone();
        let expression = self.or()?;
        check::condition(self.set, &expression).map_err(|reason| start.error(reason))?;
        Ok(expression)
    }

    fn or(&mut self) -> Result<Expression> {
        self.joined("or", Self::and, Expression::Or)
    }

    fn and(&mut self) -> Result<Expression> {
        self.joined("and", Self::comparison, Expression::And)
    }

    fn joined(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Result<Expression>,
        join: fn(Vec<Expression>) -> Expression,
    ) -> Result<Expression> {
        let mut start = self.lexer.clone();
        let first = part(self)?;
        if self.lexer.peek()? != Token::Word(word) {
            return Ok(first);
        }
        let mut parts = Vec::new();
        let mut last = first;
        loop {
            check::condition(self.set, &last).map_err(|reason| start.error(reason))?;
            parts.push(last);
            if !self.lexer.take_word(word)? {
                return Ok(join(parts));
            }
            start = self.lexer.clone();
            last = part(self)?;
        }
    }

    fn comparison(&mut self) -> Result<Expression> {
        let start = self.lexer.clone();
        let left = self.unary()?;
        let Token::Word(word) = self.lexer.peek()? else { return Ok(left) };
        if word == "in" {
            self.lexer.next()?;
            return self.membership(left, &start);
        }
        let Some(operator) = Operator::ALL.into_iter().find(|one| one.name() == word) else {
            return if matches!(word, "has" | "add" | "sub" | "mul" | "div" | "divby" | "mod") {
                Err(self.lexer.unsupported(format!("`{word}` is not implemented")))
            } else {
                Ok(left)
            };
        };
        self.lexer.next()?;
        let right = self.unary()?;
        let (left, right) = check::comparison(self.set, operator, left, right)
            .map_err(|reason| start.error(reason))?;
        Ok(Expression::Compare(operator, Box::new(left), Box::new(right)))
    }

    /// The list after `in`.
    fn membership(&mut self, value: Expression, start: &Lexer<'_>) -> Result<Expression> {
        self.lexer.expect(&Token::Open, "a list in brackets after `in`")?;
        let mut literals = Vec::new();
        loop {
            let place = self.lexer.clone();
            let Expression::Literal(literal) = self.value()? else {
                return Err(place.error("the list after `in` holds values only"));
            };
            let literal = check::member(self.set, &value, literal);
            literals.push(literal.map_err(|reason| start.error(reason))?);
            match self.lexer.next()? {
                Token::Comma => {}
                Token::Close => return Ok(Expression::In(Box::new(value), literals)),
                _ => return Err(place.error("expected `,` or `)` after this value")),
            }
        }
    }

    fn unary(&mut self) -> Result<Expression> {
        if !self.lexer.take_word("not")? {
            return self.value();
        }
        self.enter()?;
        let start = self.lexer.clone();
        let inner = self.unary()?;
        self.depth -= 1;
        check::condition(self.set, &inner).map_err(|reason| start.error(reason))?;
        Ok(Expression::Not(Box::new(inner)))
    }

    fn value(&mut self) -> Result<Expression> {
        self.enter()?;
        let start = self.lexer.clone();
        let value = match self.lexer.next()? {
            Token::Open => {
                let inner = self.or()?;
                self.lexer.expect(&Token::Close, "`)`")?;
                inner
            }
            Token::Text(text) => Expression::Literal(Literal::Text(text)),
            Token::Word(word) if self.lexer.peek()? == Token::Open => self.call(word, &start)?,
            Token::Word(word) => self.word(word, &start)?,
            Token::Close | Token::Comma | Token::End => {
                return Err(start.error("expected a value"));
            }
        };
        self.depth -= 1;
        Ok(value)
    }

    fn word(&self, word: &str, start: &Lexer<'_>) -> Result<Expression> {
        // No property of ours has the name of a value.
        if let Some(literal) = Literal::of_word(word) {
            return Ok(Expression::Literal(literal));
        }
        if let Some(index) = self.set.index(word) {
            return Ok(Expression::Property(index));
        }
        if word.contains('/') {
            return Err(self
                .lexer
                .unsupported(format!("paths such as `{word}` are not implemented")));
        }
        if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            let advice = "write 12.5, 2026-01-24 or 2026-01-24T08:30:00Z";
            return Err(start.error(format!("`{word}` is no value: {advice}")));
        }
        let name = self.set.name;
        Err(start.error(format!("{name} has no property `{word}`; texts stand in single quotes")))
    }

    fn call(&mut self, name: &str, start: &Lexer<'_>) -> Result<Expression> {
        let known = Function::ALL.into_iter().find(|function| function.name() == name);
        let Some(function) = known else {
            return Err(self.lexer.unsupported(format!("`{name}` is not a function here")));
        };
        self.lexer.expect(&Token::Open, "`(`")?;
        let mut arguments = vec![self.or()?];
        while self.lexer.peek()? == Token::Comma {
            self.lexer.next()?;
            arguments.push(self.or()?);
        }
        self.lexer.expect(&Token::Close, "`)`")?;
        check::call(self.set, function, &arguments).map_err(|reason| start.error(reason))?;
        Ok(Expression::Call(function, arguments))
    }

    fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        self.n_parts += 1;
        if self.depth > DEPTH_MAX || self.n_parts > PARTS_MAX {
            return Err(self.lexer.error("the filter is too long or too deep"));
        }
        Ok(())
    }
}
